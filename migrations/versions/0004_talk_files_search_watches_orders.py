"""talk, files, search, watches, orders."""

from alembic import op
import sqlalchemy as sa

from sqlalchemy.dialects import postgresql

from innovation.kernel import db, ids

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# What makes the full text index on SQLite; frozen here, as every migration is.
_FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(title_words, body_words, content='search_entry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_fts(rowid, title_words, body_words) VALUES (new.id, new.title_words, new.body_words); END",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE OF title_words, body_words ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); "
    "INSERT INTO search_fts(rowid, title_words, body_words) VALUES (new.id, new.title_words, new.body_words); END",
)


def _full_text_index() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for statement in _FTS:
            op.get_bind().exec_driver_sql(statement)
    else:
        op.create_index('ix_search_entry_vector', 'search_entry', ['vector'], postgresql_using='gin')


def _give_addresses(table: str) -> None:
    """Rows that had no address of their own get one."""
    connection = op.get_bind()
    for (key,) in connection.execute(sa.text(f'SELECT id FROM {table} ORDER BY id')).all():
        connection.execute(sa.text(f'UPDATE {table} SET public_id = :name WHERE id = :key'), {'name': ids.public_id(), 'key': key})


def upgrade() -> None:
    op.create_table('doomed_file',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('since', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doomed_file')),
    sa.UniqueConstraint('key', name=op.f('uq_doomed_file_key'))
    )
    op.create_table('file_set',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('challenge', 'idea', 'project', 'thread')", name=op.f('ck_file_set_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_set')),
    sa.UniqueConstraint('public_id', name=op.f('uq_file_set_public_id'))
    )
    with op.batch_alter_table('file_set', schema=None) as batch_op:
        batch_op.create_index('ix_file_set_challenge_id', ['challenge_id'], unique=False)

    op.create_table('search_spelling',
    sa.Column('short', sa.String(length=60), nullable=False),
    sa.Column('word', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('short', 'word', name=op.f('pk_search_spelling'))
    )
    op.create_table('search_word',
    sa.Column('word', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_search_word'))
    )
    op.create_table('attachment',
    sa.Column('set_id', db.BigInt, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', db.BigInt, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('width', db.BigInt, nullable=True),
    sa.Column('height', db.BigInt, nullable=True),
    sa.Column('alt', sa.String(length=500), nullable=False),
    sa.Column('uploaded_by', db.BigInt, nullable=True),
    sa.Column('uploaded_at', db.UtcDateTime(), nullable=False),
    sa.Column('trashed_at', db.UtcDateTime(), nullable=True),
    sa.Column('trashed_by', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_attachment_size')),
    sa.ForeignKeyConstraint(['set_id'], ['file_set.id'], name=op.f('fk_attachment_set_id')),
    sa.ForeignKeyConstraint(['trashed_by'], ['person.id'], name=op.f('fk_attachment_trashed_by')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['person.id'], name=op.f('fk_attachment_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_attachment_public_id'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index('ix_attachment_set_id', ['set_id', 'id'], unique=False)
        batch_op.create_index('ix_attachment_trashed_at', ['trashed_at'], unique=False)
        batch_op.create_index('ix_attachment_uploaded_by', ['uploaded_by'], unique=False)

    op.create_table('feed_key',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('revoked_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_feed_key_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_key')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_feed_key_token_digest'))
    )
    with op.batch_alter_table('feed_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_key_person_id'), ['person_id'], unique=False)

    op.create_table('form_draft',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('fields', db.JsonB, nullable=False),
    sa.Column('saved_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_form_draft_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_draft')),
    sa.UniqueConstraint('person_id', 'place', name=op.f('uq_form_draft_person_id_place'))
    )
    op.create_table('notification_choice',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('chosen_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("channel IN ('inbox', 'mail', 'digest')", name=op.f('ck_notification_choice_channel')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notification_choice_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_choice')),
    sa.UniqueConstraint('person_id', 'topic', 'channel', name=op.f('uq_notification_choice_person_id_topic_channel'))
    )
    op.create_table('thread',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('programme_id', db.BigInt, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=True),
    sa.Column('project_id', db.BigInt, nullable=True),
    sa.Column('file_set_id', db.BigInt, nullable=True),
    sa.Column('comments', db.BigInt, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('last_at', db.UtcDateTime(), nullable=True),
    sa.Column('locked_at', db.UtcDateTime(), nullable=True),
    sa.Column('locked_by', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('challenge', 'panel', 'idea', 'project')", name=op.f('ck_thread_kind')),
    sa.ForeignKeyConstraint(['file_set_id'], ['file_set.id'], name=op.f('fk_thread_file_set_id')),
    sa.ForeignKeyConstraint(['locked_by'], ['person.id'], name=op.f('fk_thread_locked_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread')),
    sa.UniqueConstraint('public_id', name=op.f('uq_thread_public_id'))
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index('ix_thread_challenge_id', ['challenge_id'], unique=False)

    op.create_table('comment',
    sa.Column('thread_id', db.BigInt, nullable=False),
    sa.Column('parent_id', db.BigInt, nullable=True),
    sa.Column('depth', db.BigInt, nullable=False),
    sa.Column('path', sa.String(length=400), nullable=False),
    sa.Column('person_id', db.BigInt, nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_format', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('alignment', db.BigInt, nullable=True),
    sa.Column('likes', db.BigInt, nullable=False),
    sa.Column('dislikes', db.BigInt, nullable=False),
    sa.Column('revision_no', db.BigInt, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('edited_at', db.UtcDateTime(), nullable=True),
    sa.Column('trashed_at', db.UtcDateTime(), nullable=True),
    sa.Column('trashed_by', db.BigInt, nullable=True),
    sa.Column('hidden_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.Column('source', sa.String(length=80), nullable=True),
    sa.Column('foreign_id', sa.String(length=200), nullable=True),
    sa.CheckConstraint("text_format IN ('markdown', 'html')", name=op.f('ck_comment_text_format')),
    sa.CheckConstraint('alignment IN (-1, 0, 1)', name=op.f('ck_comment_alignment')),
    sa.CheckConstraint('depth >= 0', name=op.f('ck_comment_depth')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comment_person_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_comment_thread_id')),
    sa.ForeignKeyConstraint(['trashed_by'], ['person.id'], name=op.f('fk_comment_trashed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comment_public_id')),
    sa.UniqueConstraint('source', 'foreign_id', name=op.f('uq_comment_source_foreign_id')),
    sa.UniqueConstraint('thread_id', 'path', name=op.f('uq_comment_thread_id_path'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index('ix_comment_person_id', ['person_id', 'id'], unique=False)
        batch_op.create_index('ix_comment_thread_id', ['thread_id', 'id'], unique=False)

    op.create_table('upload',
    sa.Column('set_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('alt', sa.String(length=500), nullable=False),
    sa.Column('size', db.BigInt, nullable=False),
    sa.Column('received', db.BigInt, nullable=False),
    sa.Column('begun_at', db.UtcDateTime(), nullable=False),
    sa.Column('expires_at', db.UtcDateTime(), nullable=False),
    sa.Column('attachment_id', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('received >= 0 AND received <= size', name=op.f('ck_upload_received')),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_upload_attachment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_upload_person_id')),
    sa.ForeignKeyConstraint(['set_id'], ['file_set.id'], name=op.f('fk_upload_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('public_id', name=op.f('uq_upload_public_id'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index('ix_upload_expires_at', ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_person_id'), ['person_id'], unique=False)

    op.create_table('comment_revision',
    sa.Column('comment_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_revision_comment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_revision')),
    sa.UniqueConstraint('comment_id', 'number', name=op.f('uq_comment_revision_comment_id_number'))
    )
    op.create_table('mention',
    sa.Column('comment_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_mention_comment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mention_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mention')),
    sa.UniqueConstraint('comment_id', 'person_id', name=op.f('uq_mention_comment_id_person_id'))
    )
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.create_index('ix_mention_person_id', ['person_id', 'id'], unique=False)

    op.create_table('moderation_case',
    sa.Column('comment_id', db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('opened_at', db.UtcDateTime(), nullable=False),
    sa.Column('decided_at', db.UtcDateTime(), nullable=True),
    sa.Column('decided_by', db.BigInt, nullable=True),
    sa.Column('reason_code', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('appealed_at', db.UtcDateTime(), nullable=True),
    sa.Column('appeal', sa.Text(), nullable=False),
    sa.Column('settled_at', db.UtcDateTime(), nullable=True),
    sa.Column('settled_by', db.BigInt, nullable=True),
    sa.Column('settlement', sa.Text(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("state IN ('open', 'kept', 'removed', 'appealed', 'upheld', 'restored')", name=op.f('ck_moderation_case_state')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_moderation_case_comment_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_moderation_case_decided_by')),
    sa.ForeignKeyConstraint(['settled_by'], ['person.id'], name=op.f('fk_moderation_case_settled_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_case')),
    sa.UniqueConstraint('public_id', name=op.f('uq_moderation_case_public_id'))
    )
    with op.batch_alter_table('moderation_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_case_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index('ix_moderation_case_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_moderation_case_open', ['comment_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'removed', 'appealed')"), postgresql_where=sa.text("state IN ('open', 'removed', 'appealed')"))

    op.create_table('work_order',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('params', db.JsonB, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('done', db.BigInt, nullable=False),
    sa.Column('total', db.BigInt, nullable=True),
    sa.Column('cursor', sa.String(length=200), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('file_key', sa.String(length=120), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('asked_by', db.BigInt, nullable=True),
    sa.Column('asked_at', db.UtcDateTime(), nullable=False),
    sa.Column('ended_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('import', 'export')", name=op.f('ck_work_order_kind')),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_work_order_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_work_order_asked_by')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_work_order_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_order')),
    sa.UniqueConstraint('public_id', name=op.f('uq_work_order_public_id'))
    )
    with op.batch_alter_table('work_order', schema=None) as batch_op:
        batch_op.create_index('ix_work_order_asked_by', ['asked_by', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_order_challenge_id'), ['challenge_id'], unique=False)

    op.create_table('comment_report',
    sa.Column('case_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("reason IN ('spam', 'insult', 'confidential', 'off_topic', 'other')", name=op.f('ck_comment_report_reason')),
    sa.ForeignKeyConstraint(['case_id'], ['moderation_case.id'], name=op.f('fk_comment_report_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comment_report_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_report')),
    sa.UniqueConstraint('case_id', 'person_id', name=op.f('uq_comment_report_case_id_person_id'))
    )
    op.create_table('watch',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('level', sa.String(length=6), nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('idea_id', db.BigInt, nullable=True),
    sa.Column('followed_id', db.BigInt, nullable=True),
    sa.Column('organisation_id', db.BigInt, nullable=True),
    sa.Column('since', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("level IN ('follow', 'mute')", name=op.f('ck_watch_level')),
    sa.CheckConstraint('CASE WHEN challenge_id IS NULL THEN 0 ELSE 1 END + CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN followed_id IS NULL THEN 0 ELSE 1 END + CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_watch_one_subject')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_watch_challenge_id')),
    sa.ForeignKeyConstraint(['followed_id'], ['person.id'], name=op.f('fk_watch_followed_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_watch_idea_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_watch_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_watch_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watch')),
    sa.UniqueConstraint('person_id', 'challenge_id', name=op.f('uq_watch_person_id_challenge_id')),
    sa.UniqueConstraint('person_id', 'followed_id', name=op.f('uq_watch_person_id_followed_id')),
    sa.UniqueConstraint('person_id', 'idea_id', name=op.f('uq_watch_person_id_idea_id')),
    sa.UniqueConstraint('person_id', 'organisation_id', name=op.f('uq_watch_person_id_organisation_id'))
    )
    with op.batch_alter_table('watch', schema=None) as batch_op:
        batch_op.create_index('ix_watch_challenge_id', ['challenge_id'], unique=False)
        batch_op.create_index('ix_watch_followed_id', ['followed_id'], unique=False)
        batch_op.create_index('ix_watch_idea_id', ['idea_id'], unique=False)
        batch_op.create_index('ix_watch_organisation_id', ['organisation_id'], unique=False)

    op.create_table('search_entry',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('subject_id', db.BigInt, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('idea_id', db.BigInt, nullable=True),
    sa.Column('project_id', db.BigInt, nullable=True),
    sa.Column('comment_id', db.BigInt, nullable=True),
    sa.Column('person_id', db.BigInt, nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('title_words', sa.Text(), nullable=False),
    sa.Column('body_words', sa.Text(), nullable=False),
    sa.Column('vector', sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql'), nullable=True),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('happened_at', db.UtcDateTime(), nullable=False),
    sa.Column('indexed_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('challenge', 'idea', 'project', 'person', 'comment')", name=op.f('ck_search_entry_kind')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_search_entry_challenge_id')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_search_entry_comment_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_search_entry_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_search_entry_person_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_search_entry_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_search_entry_kind_subject_id'))
    )
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_entry_challenge_id'), ['challenge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_entry_idea_id'), ['idea_id'], unique=False)
        batch_op.create_index('ix_search_entry_kind', ['kind', 'id'], unique=False)

    _full_text_index()

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('thread_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('panel_thread_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('file_set_id', db.BigInt, nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_challenge_file_set_id'), ['file_set_id'])
        batch_op.create_unique_constraint(batch_op.f('uq_challenge_panel_thread_id'), ['panel_thread_id'])
        batch_op.create_unique_constraint(batch_op.f('uq_challenge_thread_id'), ['thread_id'])
        batch_op.create_foreign_key(batch_op.f('fk_challenge_thread_id'), 'thread', ['thread_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_challenge_file_set_id'), 'file_set', ['file_set_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_challenge_panel_thread_id'), 'thread', ['panel_thread_id'], ['id'])

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_actor_id_id', ['actor_id', 'id'], unique=False)

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_from', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('thread_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('file_set_id', db.BigInt, nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_idea_file_set_id'), ['file_set_id'])
        batch_op.create_unique_constraint(batch_op.f('uq_idea_thread_id'), ['thread_id'])
        batch_op.create_foreign_key(batch_op.f('fk_idea_file_set_id'), 'file_set', ['file_set_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_idea_thread_id'), 'thread', ['thread_id'], ['id'])

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_message_channel'), type_='check')
        batch_op.create_check_constraint(op.f('ck_message_channel'), "channel IN ('inbox', 'mail', 'digest')")
        batch_op.create_index('ix_message_digest', ['person_id', 'id'], unique=False, sqlite_where=sa.text("channel = 'digest' AND sent_at IS NULL"), postgresql_where=sa.text("channel = 'digest' AND sent_at IS NULL"))

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trashed_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('trashed_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('public_id', sa.String(length=10), nullable=True))

    _give_addresses('milestone')
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_milestone_public_id'), ['public_id'])
        batch_op.create_foreign_key(batch_op.f('fk_milestone_trashed_by'), 'person', ['trashed_by'], ['id'])

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shortcuts', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('digest', sa.String(length=6), nullable=False, server_default='daily'))
        batch_op.add_column(sa.Column('digest_at', db.UtcDateTime(), nullable=True))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('shortcuts', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('digest', existing_type=sa.String(length=6), server_default=None)
        batch_op.create_check_constraint(op.f('ck_person_digest'), "digest IN ('off', 'daily', 'weekly')")

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('thread_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('file_set_id', db.BigInt, nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_project_file_set_id'), ['file_set_id'])
        batch_op.create_unique_constraint(batch_op.f('uq_project_thread_id'), ['thread_id'])
        batch_op.create_foreign_key(batch_op.f('fk_project_file_set_id'), 'file_set', ['file_set_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_project_thread_id'), 'thread', ['thread_id'], ['id'])

    with op.batch_alter_table('project_document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attachment_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('trashed_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('trashed_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('public_id', sa.String(length=10), nullable=True))

    _give_addresses('project_document')
    with op.batch_alter_table('project_document', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_project_document_public_id'), ['public_id'])
        batch_op.create_foreign_key(batch_op.f('fk_project_document_trashed_by'), 'person', ['trashed_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_project_document_attachment_id'), 'attachment', ['attachment_id'], ['id'])

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trashed_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('trashed_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('public_id', sa.String(length=10), nullable=True))

    _give_addresses('task')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_task_public_id'), ['public_id'])
        batch_op.create_foreign_key(batch_op.f('fk_task_trashed_by'), 'person', ['trashed_by'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_task_trashed_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_task_public_id'), type_='unique')
        batch_op.drop_column('public_id')
        batch_op.drop_column('trashed_by')
        batch_op.drop_column('trashed_at')

    with op.batch_alter_table('project_document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_document_attachment_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_project_document_trashed_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_project_document_public_id'), type_='unique')
        batch_op.drop_column('public_id')
        batch_op.drop_column('trashed_by')
        batch_op.drop_column('trashed_at')
        batch_op.drop_column('attachment_id')

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_thread_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_project_file_set_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_project_thread_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_project_file_set_id'), type_='unique')
        batch_op.drop_column('file_set_id')
        batch_op.drop_column('thread_id')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_person_digest'), type_='check')
        batch_op.drop_column('digest_at')
        batch_op.drop_column('digest')
        batch_op.drop_column('shortcuts')

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_milestone_trashed_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_milestone_public_id'), type_='unique')
        batch_op.drop_column('public_id')
        batch_op.drop_column('trashed_by')
        batch_op.drop_column('trashed_at')

    op.execute("DELETE FROM message WHERE channel = 'digest'")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_message_channel'), type_='check')
        batch_op.create_check_constraint(op.f('ck_message_channel'), "channel IN ('inbox', 'mail')")
        batch_op.drop_index('ix_message_digest', sqlite_where=sa.text("channel = 'digest' AND sent_at IS NULL"), postgresql_where=sa.text("channel = 'digest' AND sent_at IS NULL"))

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_idea_thread_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_idea_file_set_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_idea_thread_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_idea_file_set_id'), type_='unique')
        batch_op.drop_column('file_set_id')
        batch_op.drop_column('thread_id')
        batch_op.drop_column('withdrawn_from')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_actor_id_id')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_challenge_panel_thread_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_challenge_file_set_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_challenge_thread_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_challenge_thread_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_challenge_panel_thread_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_challenge_file_set_id'), type_='unique')
        batch_op.drop_column('file_set_id')
        batch_op.drop_column('panel_thread_id')
        batch_op.drop_column('thread_id')

    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE search_fts')  # its triggers go with search_entry
    else:
        op.drop_index('ix_search_entry_vector', table_name='search_entry')
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_search_entry_kind')
        batch_op.drop_index(batch_op.f('ix_search_entry_idea_id'))
        batch_op.drop_index(batch_op.f('ix_search_entry_challenge_id'))

    op.drop_table('search_entry')
    with op.batch_alter_table('watch', schema=None) as batch_op:
        batch_op.drop_index('ix_watch_organisation_id')
        batch_op.drop_index('ix_watch_idea_id')
        batch_op.drop_index('ix_watch_followed_id')
        batch_op.drop_index('ix_watch_challenge_id')

    op.drop_table('watch')
    op.drop_table('comment_report')
    with op.batch_alter_table('work_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_order_challenge_id'))
        batch_op.drop_index('ix_work_order_asked_by')

    op.drop_table('work_order')
    with op.batch_alter_table('moderation_case', schema=None) as batch_op:
        batch_op.drop_index('uq_moderation_case_open', sqlite_where=sa.text("state IN ('open', 'removed', 'appealed')"), postgresql_where=sa.text("state IN ('open', 'removed', 'appealed')"))
        batch_op.drop_index('ix_moderation_case_state')
        batch_op.drop_index(batch_op.f('ix_moderation_case_comment_id'))

    op.drop_table('moderation_case')
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.drop_index('ix_mention_person_id')

    op.drop_table('mention')
    op.drop_table('comment_revision')
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_person_id'))
        batch_op.drop_index('ix_upload_expires_at')

    op.drop_table('upload')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_thread_id')
        batch_op.drop_index('ix_comment_person_id')
        batch_op.drop_index(batch_op.f('ix_comment_parent_id'))

    op.drop_table('comment')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_index('ix_thread_challenge_id')

    op.drop_table('thread')
    op.drop_table('notification_choice')
    op.drop_table('form_draft')
    with op.batch_alter_table('feed_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_key_person_id'))

    op.drop_table('feed_key')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_uploaded_by')
        batch_op.drop_index('ix_attachment_trashed_at')
        batch_op.drop_index('ix_attachment_set_id')

    op.drop_table('attachment')
    op.drop_table('search_word')
    op.drop_table('search_spelling')
    with op.batch_alter_table('file_set', schema=None) as batch_op:
        batch_op.drop_index('ix_file_set_challenge_id')

    op.drop_table('file_set')
    op.drop_table('doomed_file')
