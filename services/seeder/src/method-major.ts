/**
 * Version of the way of looking. It rises when what is counted before can no longer be compared with what is counted
 * after: another outcome, another rule of evidence, another request. Every series belongs to one.
 */
export const METHOD_MAJOR = 1;
