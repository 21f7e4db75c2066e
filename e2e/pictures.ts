import type { Locator, Page } from '@playwright/test';

/** Pixels of a screenshot: four bytes each, line after line. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** What an element looks like, decoded by a page of its own: the window's policy lets nothing foreign in. */
export async function pixelsOf(page: Page, element: Locator): Promise<Pixels> {
  const png = await element.screenshot();
  const decoder = await page.context().newPage();
  try {
    const { width, height, text } = await decoder.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('No canvas.');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let joined = '';
      for (let at = 0; at < data.length; at += 8192)
        joined += String.fromCharCode(...data.subarray(at, at + 8192));
      return { width: bitmap.width, height: bitmap.height, text: btoa(joined) };
    }, png.toString('base64'));
    return { width, height, data: new Uint8Array(Buffer.from(text, 'base64')) };
  } finally {
    await decoder.close();
  }
}
