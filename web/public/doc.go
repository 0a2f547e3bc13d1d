// Package public serves what anybody may open: the pages and documents of public
// awards, the documents, keys and status lists of organisations, and pictures.
//
// One address can have several forms; the Accept header chooses (assertion_documents.go,
// badge_documents.go, issuer_documents.go, status.go). document.go says what all answers
// have: media type, ETag, caching, and that scripts of any site may read them.
//
// Guarantees: it only reads; it answers for an award that is not public as for one that
// does not exist; it shows a name or a fact only with the learner's consent; a cache asks
// before it uses a document of an award again, so that consent ends at once, and may keep
// a status list for a minute; a document has its own address as id, also at a former host.
package public
