package vc

import (
	"net/url"
	"strings"
)

const didWeb = "did:web:"

// DIDWeb returns the did:web of an address and the path below it:
// https://example.org:8443 with issuers, 1 is did:web:example.org%3A8443:issuers:1.
// The address has no path of its own other than "/"; it may be http for tests and
// demos, as a did:web does not say.
func DIDWeb(base string, path ...string) (string, error) {
	address, err := url.Parse(base)
	if err != nil {
		return "", malformed("the address %q", shorten(base))
	}
	if (address.Scheme != "https" && address.Scheme != "http") || !plainHost(address.Host) || strings.Trim(address.Path, "/") != "" ||
		address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return "", malformed("%q is not the address of a host", shorten(base))
	}
	did := didWeb + strings.ReplaceAll(strings.ToLower(address.Host), ":", "%3A")
	for _, segment := range path {
		if !plainSegment(segment) {
			return "", malformed("%q cannot be a part of a did:web", shorten(segment))
		}
		did += ":" + segment
	}
	return did, nil
}

// DIDDocumentURL returns the address of the DID document of a did:web:
// did:web:example.org%3A8443:issuers:1 is https://example.org:8443/issuers/1/did.json.
func DIDDocumentURL(did string) (string, error) {
	rest, found := strings.CutPrefix(did, didWeb)
	if !found {
		return "", unsupported("%q is not a did:web", shorten(did))
	}
	parts := strings.Split(rest, ":")
	host, err := url.PathUnescape(parts[0])
	if err != nil || !plainHost(host) {
		return "", malformed("%q has no host", shorten(did))
	}
	for _, segment := range parts[1:] {
		if !plainSegment(segment) {
			return "", malformed("the path of %q", shorten(did))
		}
	}
	if len(parts) == 1 {
		return "https://" + host + "/.well-known/did.json", nil
	}
	return "https://" + host + "/" + strings.Join(parts[1:], "/") + "/did.json", nil
}

// plainHost reports whether s is a host name, with or without a port, and nothing else.
func plainHost(s string) bool {
	name, port, found := strings.Cut(s, ":")
	if found && (port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "") {
		return false
	}
	return name != "" && strings.IndexFunc(name, func(r rune) bool { return !nameRune(r) || r == '_' }) < 0 && !strings.Contains(name, "..")
}

// plainSegment reports whether s is a part of a path that stays below its parent and
// reads the same in a DID and an address.
func plainSegment(s string) bool {
	return s != "" && s != "." && s != ".." && strings.IndexFunc(s, func(r rune) bool { return !nameRune(r) }) < 0
}

func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_'
}
