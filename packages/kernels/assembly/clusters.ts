import { madd, sumLanes } from './simd';
import { multiplyTiles, TILE_BYTES } from './tile';
import { address, scratch, takePiece, whole } from './work';

/** Points looked at together, against strips of centres. */
const BLOCK = 48;
const STRIP = 256;

/**
 * The centre with the largest p·c − ½|c|² is the nearest; the distance is then taken directly, where nothing cancels.
 * Half the squared lengths of the centres come from the caller. A piece is 48 points.
 */
export function nearestCentres(): void {
  const points = whole(0);
  const centres = whole(1);
  const size = whole(2);
  const packed = address(4);
  const centre = address(5);
  const halfSquares = address(6);
  const nearest = address(7);
  const distance = address(8);
  const bytes = (<usize>size) << 2;
  const panelBytes = (<usize>size) << 5;
  const spare = scratch();
  const scores = spare + TILE_BYTES;
  for (let first = takePiece() * BLOCK; first < points; first = takePiece() * BLOCK) {
    const count = min(BLOCK, points - first);
    const from = address(3) + <usize>first * bytes;
    for (let i = 0; i < count; i++) {
      store<f32>(distance + ((<usize>(first + i)) << 2), -Infinity);
      store<u32>(nearest + ((<usize>(first + i)) << 2), 0);
    }
    for (let strip = 0; strip < centres; strip += STRIP) {
      const width = min(STRIP, centres - strip);
      const panels = packed + <usize>(strip >> 3) * panelBytes;
      multiplyTiles(count, width, size, from, bytes, panels, panelBytes, scores, STRIP << 2, 1, 0, spare);
      for (let i = 0; i < count; i++) {
        const at = (<usize>(first + i)) << 2;
        let best = load<f32>(distance + at);
        for (let j = 0; j < width; j++) {
          const place = (<usize>j) << 2;
          const score =
            load<f32>(scores + <usize>i * (STRIP << 2) + place) -
            load<f32>(halfSquares + ((<usize>strip) << 2) + place);
          if (score > best) {
            best = score;
            store<i32>(nearest + at, strip + j);
          }
        }
        store<f32>(distance + at, best);
      }
    }
    for (let i = 0; i < count; i++) {
      const at = (<usize>(first + i)) << 2;
      const own = centre + <usize>load<u32>(nearest + at) * bytes;
      store<f32>(distance + at, squaredDistance(from + <usize>i * bytes, own, size));
    }
  }
}

function squaredDistance(a: usize, b: usize, size: i32): f32 {
  let sums = f32x4.splat(0);
  let l = 0;
  for (; l + 4 <= size; l += 4) {
    const gap = f32x4.sub(v128.load(a), v128.load(b));
    sums = madd(gap, gap, sums);
    a += 16;
    b += 16;
  }
  let sum = sumLanes(sums);
  for (; l < size; l++) {
    const gap = load<f32>(a) - load<f32>(b);
    sum += gap * gap;
    a += 4;
    b += 4;
  }
  return sum;
}
