package lti

import "strings"

// returnURL returns the return URL of a token for this login, even if other claims are
// wrong; empty if there is none or it may not be used.
func (t *Tool) returnURL(token claims, reg Registration) string {
	presentation, err := token.object(claimPresentation)
	if err != nil {
		return ""
	}
	address, err := presentation.text("return_url")
	if err != nil || !t.returnable(address, reg) {
		return ""
	}
	return address
}

// ReturnWithError returns the return URL of a launch with an error: a sentence for the
// person and one for the platform's log, both plain text (LTI 1.3 Core, section 5.4.4).
// Neither may contain personal data. The result is for a link that the person follows;
// it is empty without a return URL.
func ReturnWithError(returnURL, message, log string) string {
	address, fragment, fragmented := strings.Cut(returnURL, "#")
	address = withQuery(withQuery(address, "lti_errormsg", message), "lti_errorlog", log)
	if fragmented {
		address += "#" + fragment
	}
	return address
}
