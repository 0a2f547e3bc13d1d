package lti

import (
	"net/url"
	"regexp"
	"slices"
)

// The hosts of a platform's pages.
//
// Some LMSs use one host for the login and another for their pages. Both are in the
// registration that the administrator agreed to: one in the address of the login, the
// other in the issuer. An address on a third host does not belong to the platform,
// although the platform signed it: pages there may not embed ours, and the browser is
// not sent there.

// Origins returns the origins whose pages may embed ours for this launch: those of its
// return URLs and that of the platform's login. The issuer's origin is used only if the
// launch names none, because at some LMSs strangers also have pages there.
func (l Launch) Origins() []string {
	back := []string{Origin(l.ReturnURL)}
	if l.DeepLinking != nil {
		back = append(back, Origin(l.DeepLinking.ReturnURL))
	}
	back = slices.DeleteFunc(back, func(o string) bool { return o == "" })
	if len(back) == 0 {
		back = append(back, Origin(l.Registration.Issuer))
	}
	origins := slices.DeleteFunc(append(back, Origin(l.Registration.AuthURL)), func(o string) bool { return o == "" })
	slices.Sort(origins)
	return slices.Compact(origins)
}

// host matches a name or an address, with or without a port. Go accepts more in URLs,
// for example "*" and ";", which have another meaning in a Content-Security-Policy.
var host = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// Origin returns scheme://host of an address, with the port if there is one. It returns
// empty text if the address is not http(s) or if its host cannot be that of a page.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !host.MatchString(u.Host) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// returnable reports whether the browser may be sent to an address that a platform
// signed. It must be a page of the platform, over TLS, without parts that hide its
// host.
func (t *Tool) returnable(address string, reg Registration) bool {
	if len(address) > maxParameter || !t.secureURL(address) {
		return false
	}
	origin := Origin(address)
	return origin != "" && (origin == Origin(reg.Issuer) || origin == Origin(reg.AuthURL))
}
