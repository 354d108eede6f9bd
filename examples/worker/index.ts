/**
 * The Worker that `wrangler dev` and `wrangler deploy` serve: one student, every route, the page.
 */
import { createWorker } from 'retort-edge/worker/cloudflare';
import bytes from './student.safetensors';

export default createWorker({ students: [{ bytes }] });
