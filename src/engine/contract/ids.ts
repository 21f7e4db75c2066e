import { z } from 'zod';

/** Names a file that a person chose. */
export const grantIdSchema = z.string().min(1);
/** Names an open autoencoder by its content. */
export const modelIdSchema = z.string().regex(/^[0-9a-f]{64}$/);
