package keyring

// Exported for the examples in the specifications.
var (
	Thumbprint = thumbprint
	Parse      = parse
)

// QuickKeys lets the ring make RSA keys of 1024 bits, which takes a tenth of the
// time.
func (r *Ring) QuickKeys() *Ring {
	r.bits = 1024
	return r
}
