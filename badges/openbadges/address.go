package openbadges

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// notInAddress are the visible ASCII characters that no address has (RFC 3986,
// section 2).
const notInAddress = "<>\"{}|\\^`"

// isAddress reports whether a text is an absolute web address, in the characters
// of RFC 3986: others would be written differently by different programs.
func isAddress(address string) bool {
	if len(address) > maxLine {
		return false
	}
	for i := range len(address) {
		if b := address[i]; b <= ' ' || b >= 0x7F || strings.IndexByte(notInAddress, b) >= 0 {
			return false
		}
	}
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// uri returns an address that people wrote, such as
// https://fr.wikipedia.org/wiki/Méthode, in the characters of RFC 3986 (RFC 3987,
// section 3.1). It returns what is no address as it is.
func uri(address string) string {
	if isAddress(address) {
		return address
	}
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	host, path := rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host, path = rest[:end], rest[end:]
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		ascii = host // a host with a port, or one that is refused later
	}
	return scheme + "://" + ascii + escaped(path)
}

// escaped percent-encodes the bytes that no address has, but control
// characters: an address that has these is refused.
func escaped(path string) string {
	var out strings.Builder
	for i := range len(path) {
		if b := path[i]; b == ' ' || b >= 0x80 || strings.IndexByte(notInAddress, b) >= 0 {
			fmt.Fprintf(&out, "%%%02X", b)
		} else {
			out.WriteByte(b)
		}
	}
	return out.String()
}
