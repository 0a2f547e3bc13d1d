package lti

// ReadAnswers hands an answer to every parser of services.
func ReadAnswers(body []byte, link string) {
	_, _ = readRoster(body)
	_, _ = readResults(body)
	_, _ = readLineItem(body)
	_, _ = resolve("https://lms.example/x", nextPage([]string{link}))
	_, _ = readRegistration(body, configuration{})
	_, _ = withQuery(string(body), "a", "b")
	_, _ = under(string(body), "/scores")
}
