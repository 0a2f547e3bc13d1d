package store_test

import (
	"testing"

	"github.com/insigne-badges/insigne/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
