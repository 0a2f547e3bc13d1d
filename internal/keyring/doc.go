// Package keyring makes, rotates and deletes signing keys, by purpose.
//
// A [Policy] is the lifetime of the keys of a purpose: their algorithm, how long a
// key signs, and how long it is kept after that. It is pure: from rows and a time
// it makes a [Plan]. A [Ring] is one set of keys: it carries out the plans of its
// policy, and returns the keys that sign and verify. [Issuers] has the rings of all
// issuing organisations, and keeps their keys opened.
//
// Guarantees:
//   - a set that was rotated once has one current key, which signs, and one next
//     key, which is published before it signs, however many processes start or
//     rotate at the same time;
//   - a key begins to sign at its time even if no process rotates then: the next
//     rotation stores it;
//   - the creation, promotion, retirement and deletion of a key are each one
//     [Change], which is written once, together with its audit entry;
//   - private keys are stored sealed, each bound to its id and its owner;
//   - reading keys never makes one;
//   - no key is made while the database is locked, because making one takes long.
//
// Package store implements [Rows], which stores the keys.
package keyring
