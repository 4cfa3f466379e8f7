"""From what consenting athletes say to better versions of the verdict: data sets, training, watching, going back."""
