// For a phone too old for the live page (and for a number not known yet): asks for the page again every 15 seconds.
// Written in the oldest script there is. It never leaves the page for a server that does not answer.
(function () {
  function again() {
    if (document.documentElement.getAttribute("data-live")) return;
    var asked = new XMLHttpRequest();
    asked.onload = function () {
      if (asked.status === 200 || asked.status === 404) location.reload();
      else later();
    };
    asked.onerror = asked.ontimeout = later;
    asked.open("GET", location.href);
    asked.timeout = 10000;
    asked.send();
  }
  function later() {
    setTimeout(again, 15000);
  }
  later();
})();
