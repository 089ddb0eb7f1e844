"""Files whose columns are not ours: a person says what each means, sees the first rows, and then all of them come in."""
