import type { CalibrationAnswer, CalibrationPoints } from '../../contract/calibration.ts';

/** A photo for the report. */
export interface ReportPicture {
  /** Of the original photo, in pixels. */
  width: number;
  height: number;
  /** The photo or a smaller copy: `data:image/...;base64,...`. */
  dataUrl: string;
}

export interface CalibrationReportInput {
  answer: CalibrationAnswer;
  /** The points that the answer was computed from, in the same order. */
  points: CalibrationPoints;
  /** By the view's name; may be empty: the corners are then drawn on an empty frame. */
  pictures: ReadonlyMap<string, ReportPicture>;
  title: string;
  /** [columns, rows] of the board's inner corners, where known. */
  board?: readonly [number, number];
}

/** Most photos that are drawn. */
export const mostPhotos = 60;
/** Most bars, left-out views and rows of the table. */
export const mostBars = 200;
export const mostRows = 500;
/** Most points of the residual scatter, and of one photo. */
export const mostScatter = 20_000;
export const mostCorners = 2000;

/** A colour of its own for view `index` (from 0), of one lightness: readable on white and on black. */
export const viewColour = (index: number): string => `hsl(${Math.round((index * 137.508) % 360)} 62% 48%)`;
