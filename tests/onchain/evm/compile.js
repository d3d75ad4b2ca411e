// node compile.js SOURCE: compiles a contract and what it imports from node_modules; prints {name: bytecode} as JSON.
const fs = require("fs");
const path = require("path");
const solc = require(path.join(process.cwd(), "node_modules", "solc"));

const input = {
  language: "Solidity",
  sources: { "Governance.sol": { content: fs.readFileSync(process.argv[2], "utf8") } },
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { "Governance.sol": { "*": ["evm.bytecode.object"] } },
  },
};
const found = (name) => ({ contents: fs.readFileSync(path.join(process.cwd(), "node_modules", name), "utf8") });
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: found }));
const errors = (output.errors || []).filter((entry) => entry.severity === "error");
if (errors.length) {
  console.error(errors.map((entry) => entry.formattedMessage).join("\n"));
  process.exit(1);
}
const contracts = Object.entries(output.contracts["Governance.sol"]);
console.log(JSON.stringify(Object.fromEntries(contracts.map(([name, made]) => [name, made.evm.bytecode.object]))));
