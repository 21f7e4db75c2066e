/** One `<Item>` of GDAL's metadata tag (42112). */
export interface MetadataItem {
  name: string;
  /** Band index from 0, or null for the whole file. */
  sample: number | null;
  /** Metadata domain, '' the default one. */
  domain: string;
  /** `description`, `scale`, `offset`, `unittype`, `colorinterp`, or ''. */
  role: string;
  value: string;
}

/** Longest opening tag: names and attributes are short, texts stand outside. */
const maxTagLength = 4096;
/** More items than any file of 65535 bands has use for. */
const maxItems = 1_000_000;

/**
 * The items of GDAL's metadata XML. GDAL writes a flat list of `<Item name= sample= domain= role=>text</Item>`; only
 * that form is read, by one pass that never goes back, so that no document can make it slow. Text that is not of that
 * form is passed over.
 */
export function parseGdalMetadata(xml: string): MetadataItem[] {
  const items: MetadataItem[] = [];
  let at = 0;
  while (items.length < maxItems) {
    const open = xml.indexOf('<Item', at);
    if (open < 0) break;
    const tag = readAttributes(xml, open + 5);
    if (tag === null) break;
    at = tag.end;
    let value = '';
    if (!tag.isEmpty) {
      const close = xml.indexOf('</Item>', at);
      if (close < 0) break;
      value = textContent(xml.slice(at, close));
      at = close + 7;
    }
    const { name, sample, domain = '', role = '' } = tag.attributes;
    if (name === undefined) continue;
    const index = sample === undefined ? null : Number(sample);
    if (index !== null && !(Number.isInteger(index) && index >= 0)) continue;
    items.push({ name, sample: index, domain, role, value });
  }
  return items;
}

interface OpenTag {
  attributes: Partial<Record<string, string>>;
  /** Position after `>`. */
  end: number;
  isEmpty: boolean;
}

/** Reads `name="value"` pairs from `at` to the closing `>`; null where there is none nearby. */
function readAttributes(xml: string, at: number): OpenTag | null {
  const attributes: Partial<Record<string, string>> = {};
  const attribute =
    /\s*(?:([A-Za-z_:][\w:.-]{0,63})\s{0,16}=\s{0,16}(?:"([^"<]*)"|'([^'<]*)')|(\/?>)|[\w:.-]+|[^>])/y;
  attribute.lastIndex = at;
  for (let match = attribute.exec(xml); match !== null; match = attribute.exec(xml)) {
    if (attribute.lastIndex - at > maxTagLength) return null;
    const [, name, double, single, end] = match;
    if (end !== undefined) return { attributes, end: attribute.lastIndex, isEmpty: end === '/>' };
    if (name !== undefined) attributes[name] = decodeEntities(double ?? single ?? '');
  }
  return null;
}

function textContent(text: string): string {
  const inner = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(text)?.[1];
  return inner ?? decodeEntities(text);
}

const named: Partial<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.includes('&')
    ? text.replace(/&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-z]{2,4});/g, decodeEntity)
    : text;
}

function decodeEntity(entity: string): string {
  const inner = entity.slice(1, -1);
  if (!inner.startsWith('#')) return named[inner] ?? entity;
  const code = inner.startsWith('#x') ? parseInt(inner.slice(2), 16) : Number(inner.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
