module github.com/insigne-badges/insigne/tools

go 1.26
