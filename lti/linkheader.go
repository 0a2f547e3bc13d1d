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

// readPages reads a list page by page and returns the last page. read processes a page
// and returns the number of its items. A page without items is the last one: some
// platforms link to an empty page at the end. Links that concern the whole list are on
// the last page.
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

// page is the address and the headers of one page of a list.
type page struct {
	address string
	header  http.Header
}

// link returns the absolute address of the page's link with the relation, for example
// "next"; empty if there is none.
func (p page) link(relation string) string {
	base, err := url.Parse(p.address)
	link := linkTo(relation, p.header.Values("Link"))
	if err != nil || link == "" {
		return ""
	}
	next, err := base.Parse(link)
	if err != nil {
		return link // has no origin, so the caller refuses it
	}
	next.Fragment, next.RawFragment = "", ""
	return next.String()
}

// linkTo returns the target of the link with the relation in Link headers (RFC 8288,
// section 3). It accepts Moodle's typographic quotes and HTML escapes.
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

// cutLink splits a Link header after its first link. If a link has several rel
// parameters, the first one counts (RFC 8288, section 3.3).
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

// cutParameter splits a link's parameters after the first name=value. The value may be
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

// cutQuoted splits s at the closing quote. A plain quote can be closed only by a plain
// quote.
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
