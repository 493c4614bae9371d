/** Which way of folding the read models were made by, as the database knows it. */

/** To be raised with every change by which the same log is folded to other documents than before. */
export const FOLD_VERSION = 6

export const FOLD_CHECKPOINT = 'fold'
