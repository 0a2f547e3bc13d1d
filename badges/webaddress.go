package badges

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// MaxWebAddress is the longest web address that a badge, an organisation or evidence may
// name, in bytes.
const MaxWebAddress = 2000

// webAddress returns link as documents need it: a URI of ASCII characters (RFC 3986),
// as browsers write it. It is false if link is not an absolute http or https address,
// has a name or password, or is longer than MaxWebAddress.
func webAddress(link string) (string, bool) {
	if len(link) > MaxWebAddress || checkText(link, MaxWebAddress, true) != "" || strings.ContainsAny(link, " \t\r\n<>\"\\") {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	scheme, rest, _ := strings.Cut(link, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := rest[:end]
	if !isASCII(u.Host) {
		if host, err = idna.Lookup.ToASCII(u.Hostname()); err != nil {
			return "", false
		}
		if port := u.Port(); port != "" {
			host += ":" + port
		}
	}
	address := scheme + "://" + host + escape(rest[end:])
	return address, len(address) <= MaxWebAddress
}

// escape escapes the bytes that a path, query or fragment cannot have, and each % that
// escapes nothing.
func escape(link string) string {
	const reserved = ":/?#@!$&'()*+,;=" + "-._~"
	var b strings.Builder
	for i := range len(link) {
		c := link[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(reserved, c) >= 0, c == '%' && isEscape(link[i:]):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isEscape reports whether s begins with an escaped byte, such as %C3.
func isEscape(s string) bool {
	_, err := url.PathUnescape(s[:min(3, len(s))])
	return err == nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}
