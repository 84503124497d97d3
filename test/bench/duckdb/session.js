// test/bench/duckdb/session.js THREADS: a DuckDB in memory that runs the
// statements it reads, one on each line, and answers as psql with \timing.
const { DuckDBInstance, version } = require('@duckdb/node-api');
const readline = require('node:readline');

async function main() {
  const instance = await DuckDBInstance.create(':memory:', { threads: process.argv[2] });
  const connection = await instance.connect();

  console.log(`${version()}\ndone`);
  for await (const statement of readline.createInterface({ input: process.stdin })) {
    const start = performance.now();
    await connection.runAndReadAll(statement);
    console.log(`Time: ${(performance.now() - start).toFixed(3)} ms\ndone`);
  }
}

main().catch((error) => {
  console.log(error.message);
  process.exit(1);
});
