package lti

import (
	"net/url"
	"regexp"
	"slices"
)

// Where a platform's pages are.
//
// Some LMSs log people in at one host and show their pages at another. Both are
// in the registration, which the administrator agreed to: as the address of the
// login, and as the issuer. An address elsewhere is not the platform's, though it
// signed it: pages there may not embed ours, and the browser is not sent there.

// Origins are those whose pages may embed ours for this launch: where it wants
// the browser back, and where the platform logs people in. The issuer counts
// only where nothing else tells: at some LMSs it is a host where strangers have
// pages too.
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

// host is a name or an address, perhaps with a port. Go reads more into URLs,
// such as "*" and ";", which mean something else in a Content-Security-Policy.
var host = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// Origin returns scheme://host of an address, with the port if it has one;
// empty when it is not http(s), or has a host that no page has.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !host.MatchString(u.Host) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// returnable reports whether the browser may be sent to an address that a
// platform signed: a page of the platform, over TLS, with nothing in it that
// hides where it leads.
func (t *Tool) returnable(address string, reg Registration) bool {
	if len(address) > maxParameter || !t.secureURL(address) {
		return false
	}
	origin := Origin(address)
	return origin != "" && (origin == Origin(reg.Issuer) || origin == Origin(reg.AuthURL))
}
