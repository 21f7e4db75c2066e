/** Most points of one calibration; the contract states the same number (a worker starts without its schemas). */
export const mostPoints = 1_000_000;
