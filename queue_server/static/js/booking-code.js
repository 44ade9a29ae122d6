// A booking's code as people read it.

/** "ABCD-EFGH", as people read a code. */
export const shownCode = (code) => code.replace(/[\s-]/g, "").toUpperCase().match(/.{1,4}/g)?.join("-") ?? "";
