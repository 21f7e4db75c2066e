import type { PushbroomAnswer, PushbroomRequest } from '../contract/calibration.ts';
import { matrixOf } from './camera.ts';

/**
 * K of a scanner that sees one line at a time and moves across it, over flat ground: along the line the lens samples, fx =
 * f / pitch [px]; along the track time does, fy = height x line rate / speed [px], as many lines as the scene moves
 * by its own height. Both are pixels per unit of tangent, so a ground pixel is height / fx by height / fy metres, and the
 * speed that makes it square is pitch x height / f x line rate. (cx, 0) is the principal point: a line has no place along the track.
 */
export function pushbroom(request: PushbroomRequest): PushbroomAnswer {
  const { focalMm, pitchUm, linesPerSecond, speedMs, heightM, centreX = 0 } = request;
  const fx = (focalMm * 1000) / pitchUm;
  const fy = (heightM * linesPerSecond) / speedMs;
  const [acrossM, alongM] = [heightM / fx, heightM / fy];
  const squareSpeedMs = acrossM * linesPerSecond;
  const aspect = alongM / acrossM;
  const off = Math.abs(aspect - 1);
  const notes =
    off < 1e-9
      ? ['Pixels on the ground are square.']
      : [
          `A pixel is ${aspect > 1 ? 'longer along' : 'shorter along'} the track than across it (${aspect.toPrecision(4)} times): the scene looks ` +
            `${aspect > 1 ? 'squeezed' : 'stretched'} along the track. It is one lens; the second focal value is made by line rate, speed and height.`,
        ];
  return {
    K: matrixOf({ fx, fy, cx: centreX, cy: 0, skew: 0 }),
    fx,
    fy,
    acrossM,
    alongM,
    aspect,
    squareSpeedMs,
    notes,
  };
}
