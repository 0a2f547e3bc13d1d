// Package verifiers lets independent software judge the badges of a running Insigne. It
// has only tests. docs/verifiers.md says which judge checks what.
//
// Insigne is served behind TLS on this machine with a certificate made by the test. The
// judges find the issuer's keys, status lists and profile there themselves; only the
// contexts of JSON-LD and a registry of issuers come from files.
//
// The tests are skipped unless INSIGNE_TEST_NODE_MODULES names the folder in which
// tools/verifiers/install.sh installed the judges. ./test.sh sets it.
package verifiers
