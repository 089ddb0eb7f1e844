"""Forms of ideas: the idea itself (`idea`) with its answers (`answers`), and the acts on it (`acts`)."""

from innovation.ideas.forms.acts import AuthorForm, NoteForm, SubmitForm
from innovation.ideas.forms.idea import IdeaForm, idea_form
from innovation.ideas.forms.messages import MESSAGES

__all__ = ["MESSAGES", "AuthorForm", "IdeaForm", "NoteForm", "SubmitForm", "idea_form"]
