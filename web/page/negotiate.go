package page

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxRanges is how many elements of an Accept header are read. Browsers send about ten.
const maxRanges = 50

// Negotiate returns the offer that the client prefers by its Accept header (RFC 9110,
// section 12.5.1). Of equal offers it prefers the one that the header names more
// exactly, then the one that the header names first, then the earlier offer. It returns
// the first offer if the client has no wish, or accepts no offer.
func Negotiate(r *http.Request, offers ...string) string {
	ranges := mediaRanges(r.Header.Values("Accept"))
	best, preferred := wish{}, offers[0]
	for _, offer := range offers {
		if w := wishFor(offer, ranges); w.quality > 0 && w.over(best) {
			best, preferred = w, offer
		}
	}
	return preferred
}

// WantsJSON reports whether the client wants a document rather than a page, by its
// Accept header.
func WantsJSON(r *http.Request) bool {
	return Negotiate(r, "text/html", "application/json", "application/ld+json", "application/vc+ld+json", "application/vc", "application/vc+jwt", "application/problem+json") != "text/html"
}

// WantsDocument reports whether the client wants the document of something that has a
// page too. A client that names no type gets the document, because validators of Open
// Badges 2.0 send no Accept header; browsers and link previews send one.
func WantsDocument(r *http.Request) bool {
	return r.Header.Get("Accept") == "" || WantsJSON(r)
}

// mediaRange is one element of an Accept header.
type mediaRange struct {
	kind, subtype string // "*" for any
	quality       float64
}

// mediaRanges reads Accept headers. It leaves out what it cannot read. A quality that
// cannot be read counts as 0.
func mediaRanges(headers []string) []mediaRange {
	var ranges []mediaRange
	read := 0
	for element := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if read++; read > maxRanges {
			break
		}
		mediaType, parameters, err := mime.ParseMediaType(element)
		kind, subtype, ok := strings.Cut(mediaType, "/")
		if err != nil || !ok {
			continue
		}
		quality := 1.0
		if q, ok := parameters["q"]; ok {
			if quality, err = strconv.ParseFloat(q, 64); err != nil || !(quality > 0 && quality <= 1) {
				quality = 0
			}
		}
		ranges = append(ranges, mediaRange{kind, subtype, quality})
	}
	return ranges
}

// exactness returns how exactly m names a media type: 3 for the type itself, 1 for any;
// 0 if m does not include it.
func (m mediaRange) exactness(mediaType string) int {
	kind, subtype, _ := strings.Cut(mediaType, "/")
	switch {
	case m.kind == kind && m.subtype == subtype:
		return 3
	case m.kind == kind && m.subtype == "*":
		return 2
	case m.kind == "*" && m.subtype == "*":
		return 1
	}
	return 0
}

// wish is how much a client wants an offer.
type wish struct {
	quality   float64
	exactness int
	place     int // of the range in the header
}

// over reports whether w is a stronger wish than v.
func (w wish) over(v wish) bool {
	switch {
	case w.quality != v.quality:
		return w.quality > v.quality
	case w.exactness != v.exactness:
		return w.exactness > v.exactness
	}
	return w.place < v.place
}

// wishFor returns the wish of the range that names the offer most exactly.
func wishFor(offer string, ranges []mediaRange) wish {
	var best wish
	for i, m := range ranges {
		if exactness := m.exactness(offer); exactness > best.exactness {
			best = wish{m.quality, exactness, i}
		}
	}
	return best
}
