package badges

import (
	"net/url"
	"strings"
)

// isWebAddress reports whether link can be published: an absolute http or https
// address without a name or password.
func isWebAddress(link string) bool {
	if len(link) > MaxEvidenceLink || checkText(link, MaxEvidenceLink, true) != "" || strings.ContainsAny(link, " \t\r\n<>\"\\") {
		return false
	}
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}
