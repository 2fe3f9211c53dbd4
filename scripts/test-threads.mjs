// Loaded before every test file. Compute threads wait for each other busily, and two test files share the
// cores: one thread each, two where the threads themselves are at work on every operation.
if (process.env.NODE_TEST_CONTEXT)
  process.env.G2_THREADS ??= /[\\/]tests[\\/](backend|cell|optim)[\\/]/.test(process.argv[1])
    ? '2'
    : '1';
