from django.db import migrations

from portal.append_only import FUNCTION, append_only


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [FUNCTION, append_only("portal_auditevent")]
