// Package gradebook keeps the column that a badge has in the gradebook of an LMS
// (LTI Assignment and Grade Services 2.0): it makes, finds, fills and removes it.
//
//	badge's page ──Add, Remove──▶ line item in the LMS
//	deep linking ──AskWithLink──▶ link with a line item ──first launch──▶ Take
//	job badges.SendScore ──Fill──▶ score in the LMS
//
// What always holds:
//   - a badge has one column at most, however often and from where it is asked
//     for, and also after an attempt that was cut short;
//   - a column that came with a link belongs to the LMS: it is never deleted, and
//     after it was given up it is taken again only when a teacher asks;
//   - each score of a learner is at least a second later than the one before;
//   - nothing is sent to the LMS inside a transaction.
package gradebook
