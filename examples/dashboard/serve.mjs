// node serve.mjs [PORT]: serve the folder build/ on this machine alone.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname ?? fileURLToPath(new URL('.', import.meta.url)), 'build');
const types = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.mjs': 'text/javascript',
	'.css': 'text/css',
	'.json': 'application/json',
	'.wasm': 'application/wasm',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.ico': 'image/x-icon',
	'.woff2': 'font/woff2'
};

// The file that an address names; null if there is none in build/.
function fileOf(address) {
	const path = join(root, normalize(decodeURIComponent(new URL(address, 'http://localhost').pathname)));
	return [path, join(path, 'index.html'), `${path}.html`].find(
		(file) => file.startsWith(root) && existsSync(file) && statSync(file).isFile()
	);
}

export function serve(port) {
	const server = createServer((request, response) => {
		const file = fileOf(request.url);
		if (!file) {
			response.writeHead(404).end();
			return;
		}
		response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
		createReadStream(file).pipe(response);
	});
	return new Promise((resolve, reject) => {
		server.on('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(server));
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const server = await serve(Number(process.argv[2] ?? 8080));
	console.log(`dashboard: http://localhost:${server.address().port} (^C ends it)`);
}
