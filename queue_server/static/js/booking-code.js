// A booking's code as people read it.

/** "ABCD-EFGH", as people read a code. */
export const shownCode = (code) => code.replace(/[\s-]/g, "").toUpperCase().match(/.{1,4}/g)?.join("-") ?? "";

const LONGEST = 24; // letters; a signed QR has a hundred and more

/** Whether this is a code that people read, not the text of a QR. */
export const isTyped = (code) => code.replace(/[\s-]/g, "").length <= LONGEST;
