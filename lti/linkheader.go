package lti

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

const (
	maxPages     = 1000
	maxItems     = 100_000  // of all pages
	maxListBytes = 64 << 20 // of all pages
)

// pages reads a list page by page. read takes a page and returns how many
// items are on it. A page without items is the last: some platforms link to one
// past the end. What the pages as a whole link to stands with the last.
func (t *Tool) readPages(ctx context.Context, c call, read func(page []byte) (int, error)) (last page, err error) {
	first, visited := c.address, map[string]bool{}
	items, size := 0, 0
	for range maxPages {
		visited[c.address] = true
		a, err := t.call(ctx, c)
		if err != nil {
			return page{}, err
		}
		found, err := read(a.body)
		if err != nil {
			return page{}, err
		}
		items, size = items+found, size+len(a.body)
		if items > maxItems || size > maxListBytes {
			return page{}, refuseBecause(ServiceAnswer, errTooLarge)
		}
		this := page{c.address, a.header}
		next := this.link("next")
		switch {
		case found == 0 || next == "":
			return this, nil
		case !sameOrigin(next, first):
			return page{}, &Error{Reason: ServiceAnswer, Detail: "the next page is on another origin"}
		case visited[next]:
			return page{}, &Error{Reason: ServiceAnswer, Detail: "the next page was read already"}
		}
		c.address = next
	}
	return page{}, &Error{Reason: ServiceAnswer, Detail: "too many pages"}
}

// page is where a page of a list was read, and what came with it.
type page struct {
	address string
	header  http.Header
}

// link returns the absolute address of what a page links to by a relation, such
// as the page after it; empty when there is none.
func (p page) link(relation string) string {
	base, err := url.Parse(p.address)
	link := linkTo(relation, p.header.Values("Link"))
	if err != nil || link == "" {
		return ""
	}
	next, err := base.Parse(link)
	if err != nil {
		return link // of no origin, so it is refused
	}
	next.Fragment, next.RawFragment = "", ""
	return next.String()
}

// linkTo finds the target of a relation in Link headers (RFC 8288, section 3).
// Moodle writes typographic quotes, and addresses as in HTML.
func linkTo(relation string, headers []string) string {
	for _, rest := range headers {
		for rest != "" {
			var target, relations string
			target, relations, rest = cutLink(rest)
			for found := range strings.FieldsSeq(relations) {
				if strings.EqualFold(found, relation) {
					return strings.ReplaceAll(strings.TrimSpace(target), "&amp;", "&")
				}
			}
		}
	}
	return ""
}

// cutLink takes the first link off a Link header. Of several rel parameters the
// first counts (RFC 8288, section 3.3).
func cutLink(s string) (target, relations, rest string) {
	_, s, _ = strings.Cut(s, "<")
	target, s, _ = strings.Cut(s, ">")
	for {
		s = strings.TrimLeft(s, "; \t")
		if s == "" || s[0] == ',' {
			return target, relations, s
		}
		var name, value string
		name, value, s = cutParameter(s)
		if relations == "" && strings.EqualFold(name, "rel") {
			relations = value
		}
	}
}

// cutParameter takes name=value off a link's parameters. The value may be
// quoted or missing.
func cutParameter(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.TrimSpace(s), "", ""
	}
	name, rest = strings.TrimSpace(s[:end]), s[end:]
	if rest[0] != '=' {
		return name, "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if open, size := utf8.DecodeRuneInString(rest); open == '"' || curly(open) {
		value, rest = cutQuoted(rest[size:], open)
		return name, value, rest
	}
	end = strings.IndexAny(rest, ";,")
	if end < 0 {
		end = len(rest)
	}
	return name, strings.TrimSpace(rest[:end]), rest[end:]
}

// cutQuoted takes what stands before the closing quote. A plain quote is closed
// by a plain one only.
func cutQuoted(s string, open rune) (value, rest string) {
	escaped := false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"' || (open != '"' && curly(r)):
			return s[:i], s[i+utf8.RuneLen(r):]
		}
	}
	return s, ""
}

func curly(r rune) bool { return r == '“' || r == '”' }
