/** For what is over once it has happened, or is undone before any fault is asked. */
export const nothing = async (): Promise<void> => undefined;
