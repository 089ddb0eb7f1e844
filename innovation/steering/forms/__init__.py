"""Forms of acts on many and of saved reasons, and the reasons that are ready to use."""
