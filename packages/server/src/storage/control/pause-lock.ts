/**
 * Advisory lock by which the pipeline is paused: cleaners hold it shared while they work on a chunk, a backup takes it alone and
 * so finds both stores at the same point.
 */
export const cleanerPauseLockKey = 7_702_001;
