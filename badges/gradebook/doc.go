// Package gradebook manages the column of a badge in the gradebook of an LMS (LTI
// Assignment and Grade Services 2.0): it makes, finds, fills and removes it.
//
//	badge's page ──Add, Remove──▶ line item in the LMS
//	deep linking ──AskWithLink──▶ link with a line item ──first launch──▶ Take
//	job badges.SendScore ──Fill──▶ score in the LMS
//
// Guarantees:
//   - a badge has at most one column, even after simultaneous requests and after
//     an attempt that was interrupted;
//   - a column that came with a link belongs to the LMS: Insigne never deletes it;
//     after a teacher gave it up, Insigne uses it again only at a teacher's request;
//   - each score of a learner is at least a second later than the one before;
//   - nothing is sent to the LMS inside a transaction.
package gradebook
