"""people, invitations, audiences, own questions, terms, receipts."""

from alembic import op
import sqlalchemy as sa

from innovation.kernel import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('never_invite',
    sa.Column('key_digest', sa.String(length=64), nullable=False),
    sa.Column('said_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_never_invite')),
    sa.UniqueConstraint('key_digest', name=op.f('uq_never_invite_key_digest'))
    )
    op.create_table('setup_link',
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('expires_at', db.UtcDateTime(), nullable=False),
    sa.Column('used_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_link')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_setup_link_token_digest'))
    )
    op.create_table('host_setting',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', db.JsonB, nullable=False),
    sa.Column('changed_by', db.BigInt, nullable=True),
    sa.Column('changed_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_host_setting_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_setting')),
    sa.UniqueConstraint('name', name=op.f('uq_host_setting_name'))
    )
    op.create_table('invitation_list',
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('circle', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('made_by', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('taken', db.BigInt, nullable=False),
    sa.Column('merged', db.BigInt, nullable=False),
    sa.Column('known', db.BigInt, nullable=False),
    sa.Column('broken', db.JsonB, nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name=op.f('ck_invitation_list_circle')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_invitation_list_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_list')),
    sa.UniqueConstraint('public_id', name=op.f('uq_invitation_list_public_id'))
    )
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.create_index('ix_invitation_list_made_by', ['made_by', 'id'], unique=False)

    op.create_table('provider_account',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('linked_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_provider_account_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_account')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_provider_account_issuer_subject'))
    )
    with op.batch_alter_table('provider_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_account_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in_domain',
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('circle', sa.String(length=10), nullable=False),
    sa.Column('organisation_id', db.BigInt, nullable=True),
    sa.Column('department_id', db.BigInt, nullable=True),
    sa.Column('by_provider', sa.Boolean(), nullable=False),
    sa.Column('added_by', db.BigInt, nullable=True),
    sa.Column('added_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("circle IN ('staff', 'partner', 'expert', 'public')", name=op.f('ck_sign_in_domain_circle')),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_sign_in_domain_added_by')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_sign_in_domain_department_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_sign_in_domain_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_domain')),
    sa.UniqueConstraint('domain', name=op.f('uq_sign_in_domain_domain'))
    )
    op.create_table('succession',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('successor_id', db.BigInt, nullable=False),
    sa.Column('named_by', db.BigInt, nullable=True),
    sa.Column('named_at', db.UtcDateTime(), nullable=False),
    sa.Column('passed_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('person_id <> successor_id', name=op.f('ck_succession_somebody_else')),
    sa.ForeignKeyConstraint(['named_by'], ['person.id'], name=op.f('fk_succession_named_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_succession_person_id')),
    sa.ForeignKeyConstraint(['successor_id'], ['person.id'], name=op.f('fk_succession_successor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_succession')),
    sa.UniqueConstraint('person_id', name=op.f('uq_succession_person_id'))
    )
    op.create_table('amendment',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('before', db.JsonB, nullable=False),
    sa.Column('after', db.JsonB, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('deadline', 'prize', 'terms', 'eligibility', 'words', 'stopped')", name=op.f('ck_amendment_kind')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_amendment_challenge_id')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_amendment_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment')),
    sa.UniqueConstraint('challenge_id', 'number', name=op.f('uq_amendment_challenge_id_number'))
    )
    op.create_table('deputy',
    sa.Column('challenge_id', db.BigInt, nullable=True),
    sa.Column('programme_id', db.BigInt, nullable=True),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('deputy_id', db.BigInt, nullable=False),
    sa.Column('named_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("role IN ('sponsor', 'approver')", name=op.f('ck_deputy_role')),
    sa.CheckConstraint('(challenge_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_deputy_one_place')),
    sa.CheckConstraint('person_id <> deputy_id', name=op.f('ck_deputy_somebody_else')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_deputy_challenge_id')),
    sa.ForeignKeyConstraint(['deputy_id'], ['person.id'], name=op.f('fk_deputy_deputy_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_deputy_person_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_deputy_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputy')),
    sa.UniqueConstraint('challenge_id', 'person_id', 'role', name=op.f('uq_deputy_challenge_id_person_id_role')),
    sa.UniqueConstraint('programme_id', 'person_id', 'role', name=op.f('uq_deputy_programme_id_person_id_role'))
    )
    with op.batch_alter_table('deputy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deputy_deputy_id'), ['deputy_id'], unique=False)

    op.create_table('full_opening',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('terms_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', db.UtcDateTime(), nullable=False),
    sa.Column('opened_at', db.UtcDateTime(), nullable=True),
    sa.Column('decided_by', db.BigInt, nullable=True),
    sa.Column('decided_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("state IN ('asked', 'open', 'refused')", name=op.f('ck_full_opening_state')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_full_opening_challenge_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_full_opening_decided_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_full_opening_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_full_opening')),
    sa.UniqueConstraint('challenge_id', 'person_id', name=op.f('uq_full_opening_challenge_id_person_id'))
    )
    with op.batch_alter_table('full_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_full_opening_person_id'), ['person_id'], unique=False)

    op.create_table('own_question',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('label', sa.String(length=300), nullable=False),
    sa.Column('help', sa.String(length=500), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('most', db.BigInt, nullable=True),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('options', db.JsonB, nullable=False),
    sa.Column('criterion', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('text', 'number', 'choice', 'file', 'yes_no')", name=op.f('ck_own_question_kind')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_own_question_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_question')),
    sa.UniqueConstraint('challenge_id', 'position', name=op.f('uq_own_question_challenge_id_position')),
    sa.UniqueConstraint('public_id', name=op.f('uq_own_question_public_id'))
    )
    op.create_table('amendment_answer',
    sa.Column('amendment_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('answered_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['amendment_id'], ['amendment.id'], name=op.f('fk_amendment_answer_amendment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_amendment_answer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment_answer')),
    sa.UniqueConstraint('amendment_id', 'person_id', name=op.f('uq_amendment_answer_amendment_id_person_id'))
    )
    with op.batch_alter_table('amendment_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_amendment_answer_person_id'), ['person_id'], unique=False)

    op.create_table('answer',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('question_id', db.BigInt, nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_answer_idea_id')),
    sa.ForeignKeyConstraint(['question_id'], ['own_question.id'], name=op.f('fk_answer_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('idea_id', 'question_id', name=op.f('uq_answer_idea_id_question_id'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_question_id'), ['question_id'], unique=False)

    op.create_table('author_invitation',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('invitation_id', db.BigInt, nullable=False),
    sa.Column('share', db.BigInt, nullable=True),
    sa.Column('named_by', db.BigInt, nullable=True),
    sa.Column('named_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_author_invitation_idea_id')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_author_invitation_invitation_id')),
    sa.ForeignKeyConstraint(['named_by'], ['person.id'], name=op.f('fk_author_invitation_named_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_author_invitation')),
    sa.UniqueConstraint('idea_id', 'invitation_id', name=op.f('uq_author_invitation_idea_id_invitation_id'))
    )
    with op.batch_alter_table('author_invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_author_invitation_invitation_id'), ['invitation_id'], unique=False)

    op.create_table('idea_opening',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('hour', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_idea_opening_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_idea_opening_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_opening')),
    sa.UniqueConstraint('idea_id', 'person_id', 'hour', name=op.f('uq_idea_opening_idea_id_person_id_hour'))
    )
    with op.batch_alter_table('idea_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idea_opening_person_id'), ['person_id'], unique=False)

    op.create_table('receipt',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('revision_no', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('stamp', sa.Text(), nullable=False),
    sa.Column('stamped_by', sa.String(length=300), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_receipt_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_receipt_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('idea_id', 'revision_no', name=op.f('uq_receipt_idea_id_revision_no')),
    sa.UniqueConstraint('public_id', name=op.f('uq_receipt_public_id'))
    )
    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.add_column(sa.Column('share', db.BigInt, nullable=True))

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('template', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sponsor_withheld', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('full_access', sa.String(length=10), nullable=False, server_default='none'))
        batch_op.add_column(sa.Column('full_text', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('full_terms', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('proposed_at', db.UtcDateTime(), nullable=True))

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.add_column(sa.Column('emptied_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('provenance', db.JsonB, nullable=False, server_default='{}'))

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('message', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('list_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('passed_on_from_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('due_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('sent_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('bounced_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('bounce', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('replaced_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('revoked_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('declined_at', db.UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_invitation_list_id'), 'invitation_list', ['list_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_invitation_passed_on_from_id'), 'invitation', ['passed_on_from_id'], ['id'])

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expertise', db.JsonB, nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('shown_by', db.JsonB, nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('spoken', db.JsonB, nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('ask_me', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_without_approval', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('approver_id', db.BigInt, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_programme_approver_id'), 'person', ['approver_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_programme_approver_id'), ['approver_id'], unique=False)

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers', db.JsonB, nullable=False, server_default='{}'))

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('issuer', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('provider_session', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('refresh_secret', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('checked_at', db.UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_sign_in_provider_session'), ['provider_session'], unique=False)

    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.add_column(sa.Column('full', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approved_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('approved_at', db.UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_terms_approved_by'), 'person', ['approved_by'], ['id'])

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.alter_column('template', existing_type=sa.String(length=20), server_default=None)
        batch_op.alter_column('sponsor_withheld', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('full_access', existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column('full_text', existing_type=sa.Text(), server_default=None)
        batch_op.alter_column('full_terms', existing_type=sa.Text(), server_default=None)
        batch_op.create_check_constraint(op.f('ck_challenge_full_access'), "full_access IN ('none', 'terms', 'approval')")

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.alter_column('provenance', existing_type=db.JsonB, server_default=None)

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.alter_column('message', existing_type=sa.Text(), server_default=None)
        batch_op.alter_column('bounce', existing_type=sa.String(length=300), server_default=None)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('expertise', existing_type=db.JsonB, server_default=None)
        batch_op.alter_column('shown_by', existing_type=db.JsonB, server_default=None)
        batch_op.alter_column('spoken', existing_type=db.JsonB, server_default=None)
        batch_op.alter_column('ask_me', existing_type=sa.Text(), server_default=None)

    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.alter_column('staff_without_approval', existing_type=sa.Boolean(), server_default=None)

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.alter_column('answers', existing_type=db.JsonB, server_default=None)

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.alter_column('issuer', existing_type=sa.String(length=300), server_default=None)
        batch_op.alter_column('provider_session', existing_type=sa.String(length=300), server_default=None)
        batch_op.alter_column('refresh_secret', existing_type=sa.Text(), server_default=None)

    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.alter_column('full', existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_terms_approved_by'), type_='foreignkey')
        batch_op.drop_column('approved_at')
        batch_op.drop_column('approved_by')
        batch_op.drop_column('full')

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_provider_session'))
        batch_op.drop_column('checked_at')
        batch_op.drop_column('refresh_secret')
        batch_op.drop_column('provider_session')
        batch_op.drop_column('issuer')

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_column('answers')

    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_approver_id'))
        batch_op.drop_constraint(batch_op.f('fk_programme_approver_id'), type_='foreignkey')
        batch_op.drop_column('approver_id')
        batch_op.drop_column('staff_without_approval')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('ask_me')
        batch_op.drop_column('spoken')
        batch_op.drop_column('shown_by')
        batch_op.drop_column('expertise')

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invitation_passed_on_from_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_invitation_list_id'), type_='foreignkey')
        batch_op.drop_column('declined_at')
        batch_op.drop_column('revoked_at')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('bounce')
        batch_op.drop_column('bounced_at')
        batch_op.drop_column('sent_at')
        batch_op.drop_column('due_at')
        batch_op.drop_column('passed_on_from_id')
        batch_op.drop_column('list_id')
        batch_op.drop_column('message')

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_column('provenance')
        batch_op.drop_column('emptied_at')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_challenge_full_access'), type_='check')
        batch_op.drop_column('proposed_at')
        batch_op.drop_column('full_terms')
        batch_op.drop_column('full_text')
        batch_op.drop_column('full_access')
        batch_op.drop_column('sponsor_withheld')
        batch_op.drop_column('template')

    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.drop_column('share')

    op.drop_table('receipt')
    with op.batch_alter_table('idea_opening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idea_opening_person_id'))

    op.drop_table('idea_opening')
    with op.batch_alter_table('author_invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_author_invitation_invitation_id'))

    op.drop_table('author_invitation')
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_question_id'))

    op.drop_table('answer')
    with op.batch_alter_table('amendment_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_amendment_answer_person_id'))

    op.drop_table('amendment_answer')
    op.drop_table('own_question')
    with op.batch_alter_table('full_opening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_full_opening_person_id'))

    op.drop_table('full_opening')
    with op.batch_alter_table('deputy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deputy_deputy_id'))

    op.drop_table('deputy')
    op.drop_table('amendment')
    op.drop_table('succession')
    op.drop_table('sign_in_domain')
    with op.batch_alter_table('provider_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_account_person_id'))

    op.drop_table('provider_account')
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.drop_index('ix_invitation_list_made_by')

    op.drop_table('invitation_list')
    op.drop_table('host_setting')
    op.drop_table('setup_link')
    op.drop_table('never_invite')
