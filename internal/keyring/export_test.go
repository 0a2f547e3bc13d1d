package keyring

// Exported for the examples in the specifications.
var (
	Thumbprint = thumbprint
	Parse      = parse
)

// QuickKeys lets the sets of organisations have RSA keys of 1024 bits.
func (s *Issuers) QuickKeys() *Issuers {
	s.bits = 1024
	return s
}

// Opened returns the number of organisations whose keys are opened.
func (s *Issuers) Opened() int {
	s.opened.mu.Lock()
	defer s.opened.mu.Unlock()
	return len(s.opened.by)
}

// MaxOpened is the most of Opened.
const MaxOpened = maxOpened

// QuickKeys lets the ring make RSA keys of 1024 bits, which takes a tenth of the
// time.
func (r *Ring) QuickKeys() *Ring {
	r.bits = 1024
	return r
}
