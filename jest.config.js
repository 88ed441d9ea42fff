export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/jest.strip.mjs" },
  setupFiles: ["<rootDir>/test/support/same-chances.ts"],
  // It only ends what hangs: two cores run everything at once.
  testTimeout: 90_000,
  // One for each core: the tests wait for processes more than they compute.
  maxWorkers: "100%",
};
