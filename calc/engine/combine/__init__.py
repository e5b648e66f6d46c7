"""The combination that pays most, under four readings of the closing clause, proven and exact."""
