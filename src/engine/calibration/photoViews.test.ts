import { describe, expect, it } from 'vitest';
import { boardPoints } from './boardPoints.ts';
import { photoViews, type SeenBoard } from './photoViews.ts';

const corners = boardPoints([3, 2]).map(([x, y]): [number, number] => [10 * x, 10 * y]);
const moved = corners.map(([u, v]): [number, number] => [u + 1, v]);
const found: SeenBoard = { width: 64, height: 48, corners, seen: null, fault: null, doubts: [] };
const none: SeenBoard = { ...found, corners: null, fault: 'no board was found in it' };

describe('photoViews', () => {
  it('makes views of photos, those without a board with their reason', () => {
    const { points, notes } = photoViews(
      [
        { name: 'a.jpg', board: found },
        { name: 'b.jpg', board: { ...none, fault: 'it is blurred' } },
      ],
      [3, 2],
    );
    expect(points.imageSize).toEqual([64, 48]);
    expect(points.views[0]).toEqual({ name: 'a.jpg', object: boardPoints([3, 2]), image: corners });
    expect(points.views[1]).toEqual({ name: 'b.jpg', object: [], image: [], fault: 'it is blurred' });
    expect(notes).toEqual([]);
  });

  it('leaves out photos of another size than most that show the board', () => {
    const small = { ...found, width: 32, height: 24 };
    const { points } = photoViews(
      [
        { name: 'a.jpg', board: small },
        { name: 'b.jpg', board: found },
        { name: 'c.jpg', board: { ...found, corners: moved } },
        ...['d', 'e', 'f'].map((name) => ({ name, board: { ...none, width: 32, height: 24 } })),
      ],
      [3, 2],
    );
    expect(points.imageSize).toEqual([64, 48]);
    expect(points.views[0]?.fault).toBe('it has 32 x 24 pixels, the others 64 x 48');
  });

  it('keeps names apart and passes doubts on', () => {
    const { points, notes } = photoViews(
      [
        { name: 'a.jpg', board: found },
        {
          name: 'a.jpg',
          board: { ...found, corners: moved, doubts: ['it is blurred by 20 % of a square'] },
        },
      ],
      [3, 2],
    );
    expect(points.views.map(({ name }) => name)).toEqual(['a.jpg', 'a.jpg (2)']);
    expect(notes).toEqual(['View a.jpg (2): it is blurred by 20 % of a square.']);
  });

  it('leaves out a photo that comes again, and says a doubt of many once', () => {
    const doubts = ['its camera asks for it to be shown turned'];
    const { points, notes } = photoViews(
      [
        { name: 'a.jpg', board: { ...found, doubts } },
        { name: 'b.jpg', board: { ...found, corners: moved, doubts } },
        { name: 'copy.jpg', board: found },
      ],
      [3, 2],
    );
    expect(points.views[2]).toMatchObject({
      image: [],
      fault: 'it shows the very corners of a.jpg: the same photo twice',
    });
    expect(notes).toEqual(['Views a.jpg, b.jpg: its camera asks for it to be shown turned.']);
  });

  it('says which board was seen where none of the asked size was', () => {
    const other = { ...none, seen: [9, 6] as [number, number] };
    const photos = [1, 2, 3].map((k) => ({ name: `${k}.jpg`, board: k < 3 ? other : none }));
    expect(() => photoViews(photos, [8, 6])).toThrow('9x6 was seen in 2 of them');
  });

  it('says what is wrong with photos without any board, or that cannot be read', () => {
    expect(() =>
      photoViews([{ name: 'a.jpg', board: { ...none, fault: '70 % of it is overexposed' } }], [9, 6]),
    ).toThrow('No board of 9 x 6 inner corners was found in a.jpg (a.jpg: 70 % of it is overexposed).');
    const broken = { ...none, width: 0, height: 0, fault: 'a.jpg is no photo' };
    expect(() => photoViews([{ name: 'a.jpg', board: broken }], [9, 6])).toThrow('a.jpg is no photo.');
  });
});
