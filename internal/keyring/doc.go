// Package keyring makes, rotates and deletes signing keys, by purpose.
//
// A [Policy] says how the keys of a purpose live: their algorithm, how long a
// key signs, how long it is kept after that. It is pure: rows and a time go in,
// a [Plan] comes out. A [Ring] is one set of keys: it carries out what its
// policy plans, and returns the keys that sign and verify.
//
// What always holds:
//   - a set that was rotated once has one current key, which signs, and one
//     next key, which is published before it signs, however many processes
//     start or rotate at the same time;
//   - a key begins to sign at its time, also when no process rotates then: the
//     next rotation notes it;
//   - the creation, promotion, retirement and deletion of a key are each one
//     [Change], which is written once and together with its audit row;
//   - private keys are stored sealed, each bound to its id;
//   - no key is made while the database is locked, because that takes a while.
//
// The rows live behind [Rows], which package store implements.
package keyring
