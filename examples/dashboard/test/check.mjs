// node check.mjs [--write]: see test/run. The server with the data is the one
// that the environment names; the pages are those in build/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../serve.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { pages, screenshots } = await import('./pages.mjs');
const maxScreenshots = 1000000;
let passed = 0;
let failed = 0;

function ok(good, what, detail = '') {
	if (good) passed++;
	else failed++;
	console.log(`${good ? 'ok' : 'not ok'} ${passed + failed} - ${what}`);
	if (!good && detail) console.log(detail.replace(/^/gm, '# '));
}

function same(is, should, what) {
	ok(is === should, what, `on the page: ${is}\nby SQL:      ${should}`);
}

// What psql prints of a query: a line per row, its columns with | between.
function sql(query) {
	return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
		input: query,
		encoding: 'utf8'
	}).trimEnd();
}

const plain = (text) => text.replace(/\s+/g, ' ').trim();

// All charts drawn, all values there, nothing moving any more.
async function settled(page) {
	await page.waitForLoadState('networkidle');
	await page.waitForFunction(() => !document.querySelector('.animate-pulse, [role=status]'));
	await page.waitForTimeout(1500);
}

// The first rows and columns of the nth table, with | between, as psql prints.
function rows(page, n, count, columns) {
	return page.evaluate(
		([n, count, columns]) => {
			// those that are not shown are for printing
			const shown = [...document.querySelectorAll('article table')].filter((table) => table.offsetParent);
			return [...shown[n].querySelectorAll('tr')]
				.filter((row) => row.querySelector('td'))
				.slice(0, count)
				.map((row) =>
					[...row.querySelectorAll('td')].slice(0, columns).map((cell) => cell.innerText.trim()).join('|')
				)
				.join('\n');
		},
		[n, count, columns]
	);
}

// A page of that size, on a machine that may have much else to do.
async function open(browser, width, height) {
	const page = await browser.newPage({ viewport: { width, height } });
	page.setDefaultTimeout(600000);
	return page;
}

async function checkPage(browser, address, { path, charts, texts, tables }) {
	const page = await open(browser, 1280, 900);
	const complaints = [];
	page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(String(error)));
	page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`));
	page.on('request', (request) => {
		if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
			complaints.push(`asks elsewhere: ${request.url()}`);
	});

	await page.goto(address + path);
	await settled(page);
	const article = plain(await page.innerText('article'));
	for (const query of texts) {
		const text = plain(sql(query));
		ok(text !== '' && article.includes(text), `${path} says "${text}"`, article.slice(0, 1500));
	}
	for (const [n, query] of tables.entries()) {
		const should = sql(query);
		const lines = should.split('\n');
		const is = await rows(page, n, lines.length, lines[0].split('|').length);
		same(is, should, `${path} table ${n + 1}`);
	}
	const drawn = await page.evaluate(
		() =>
			[...document.querySelectorAll('article canvas')].filter((canvas) => {
				const { width, height } = canvas;
				const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
				return pixels.some((value) => value !== pixels[0]);
			}).length
	);
	same(String(drawn), String(charts), `${path} has ${charts} charts that are not blank`);
	ok(!/error|undefined|NaN|\bnull\b/i.test(article), `${path} shows no error`, article);
	ok(complaints.length === 0, `${path} has no complaint in the console, and asks nobody else`, complaints.join('\n'));

	await page.setViewportSize({ width: 390, height: 844 });
	await settled(page);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth);
	ok(wide <= 390, `${path} fits a phone`, `${wide} pixels wide`);
	await page.close();
}

// Take a screenshot of each, in 256 colours.
async function takeScreenshots(browser, address, folder) {
	mkdirSync(folder, { recursive: true });
	let total = 0;
	for (const { name, path, width, height, top } of screenshots) {
		const page = await open(browser, width, height);
		const file = join(folder, `dashboard-${name}.png`);
		await page.goto(address + path);
		await settled(page);
		if (top) {
			await page.locator(top).first().evaluate((element) => {
				element.scrollIntoView();
				window.scrollBy(0, -70);
			});
			await page.waitForTimeout(500);
		}
		await page.screenshot({ path: file });
		execFileSync('pngquant', ['--force', '--strip', '--output', file, '256', file]);
		total += statSync(file).size;
		await page.close();
	}
	ok(total < maxScreenshots, `the screenshots take ${Math.round(total / 1000)} kB together`);
}

const server = await serve(0);
const address = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
	executablePath: execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim(),
	timeout: 600000,
	args: ['--no-sandbox', '--font-render-hinting=none']
});

for (const page of pages) await checkPage(browser, address, page);
const write = process.argv.includes('--write');
const folder = write ? join(here, '../../../doc/images') : join(tmpdir(), `dashboard.${process.pid}`);
await takeScreenshots(browser, address, folder);
if (!write) rmSync(folder, { recursive: true });

await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
