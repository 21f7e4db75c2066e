import { CubelensError } from '../base/errors.ts';

/** One piece of a text: its id in the vocabulary, and the characters it stands for. */
export interface Piece {
  id: number;
  text: string;
}

/** The sign that SentencePiece puts where a word begins. */
const wordMark = '\u2581';
/** The first ids are for control and are never found in a text. */
const reservedIds = 6;
const unknownId = 0;
/** What an unknown character costs beyond the worst known piece (SentencePiece's own penalty). */
const unknownPenalty = 10;

/**
 * Cuts texts into pieces as SentencePiece's unigram model does (Kudo 2018): of all ways to write the text as pieces of the
 * vocabulary the one whose scores (log probabilities) sum to most.
 */
export class Tokeniser {
  readonly #pieces = new Map<string, { id: number; score: number }>();
  readonly #longest: number;
  readonly #unknownScore: number;

  /** @param vocabulary [piece, score] by id. Throws `malformed-file` where it is none. */
  constructor(vocabulary: unknown) {
    let longest = 0;
    let worst = 0;
    if (!Array.isArray(vocabulary)) throw notAVocabulary();
    vocabulary.forEach((entry: unknown, id) => {
      const [piece, listed] = Array.isArray(entry) ? (entry as unknown[]) : [];
      // The list has lost the scores of the five pieces with a colon; nothing else can stand for one.
      const score = listed ?? 0;
      if (typeof piece !== 'string' || typeof score !== 'number') throw notAVocabulary();
      if (id < reservedIds) return;
      this.#pieces.set(piece, { id, score });
      longest = Math.max(longest, [...piece].length);
      worst = Math.min(worst, score);
    });
    this.#longest = longest;
    this.#unknownScore = worst - unknownPenalty;
  }

  /** The pieces of a text (normalised to NFKC, spaces as word beginnings); what is unknown to the vocabulary has id 0. */
  pieces(text: string): Piece[] {
    const words = text.normalize('NFKC').trim().split(/\s+/u);
    const characters = [...words.map((word) => wordMark + word).join('')];
    const best = new Array<number>(characters.length + 1).fill(-Infinity);
    const from = new Array<{ start: number; id: number }>(characters.length + 1);
    best[0] = 0;
    for (let start = 0; start < characters.length; start++) {
      const reached = best[start] ?? -Infinity;
      const offer = (end: number, id: number, score: number): void => {
        if (reached + score <= (best[end] ?? -Infinity)) return;
        best[end] = reached + score;
        from[end] = { start, id };
      };
      offer(start + 1, unknownId, this.#unknownScore);
      for (let end = start + 1; end <= Math.min(characters.length, start + this.#longest); end++) {
        const piece = this.#pieces.get(characters.slice(start, end).join(''));
        if (piece !== undefined) offer(end, piece.id, piece.score);
      }
    }
    const pieces: Piece[] = [];
    for (let end = characters.length; end > 0;) {
      const { start, id } = from[end] ?? { start: end - 1, id: unknownId };
      const piece = { id, text: characters.slice(start, end).join('') };
      const [next] = pieces;
      // Neighbouring unknown characters are one unknown piece.
      if (id === unknownId && next?.id === unknownId) next.text = piece.text + next.text;
      else pieces.unshift(piece);
      end = start;
    }
    return pieces;
  }
}

/** A piece as a person reads it: without the mark of a word's beginning, unless there is nothing else. */
export const readable = ({ text }: Piece): string => (text === wordMark ? text : text.replace(wordMark, ''));

const notAVocabulary = (): CubelensError =>
  new CubelensError('malformed-file', 'vocab.json is not a list of pieces with their scores.', {
    file: 'vocab.json',
    remedy: 'Install Cubelens again.',
  });
