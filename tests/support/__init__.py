"""What the tests are run with: databases, clients, servers, builders."""
