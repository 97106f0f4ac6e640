"""Golden file of the chat templates: four well-known styles, written here, as transformers renders them.

Usage: python scripts/golden/formats-chat.py > test/golden/formats/chat.golden.json
"""

import json
import sys
from datetime import datetime, timezone

import jinja2
import transformers
from transformers.utils import chat_template_utils

CHATML = """{%- for message in messages %}
    {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""

LLAMA2 = """{% if messages[0]['role'] == 'system' %}
{% set loop_messages = messages[1:] %}
{% set system_message = messages[0]['content'] %}
{% else %}
{% set loop_messages = messages %}
{% set system_message = false %}
{% endif %}
{% for message in loop_messages %}
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
{% endif %}
{% if loop.index0 == 0 and system_message != false %}
{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}
{% else %}
{% set content = message['content'] %}
{% endif %}
{% if message['role'] == 'user' %}
{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}
{% elif message['role'] == 'assistant' %}
{{ ' '  + content.strip() + ' ' + eos_token }}
{% endif %}
{% endfor %}
"""

LLAMA3 = """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message + "<|eot_id|>" }}
{%- for message in messages %}
    {%- if message.role in ['user', 'assistant', 'tool'] %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
    {%- else %}
        {{- raise_exception("Unknown role: " + message.role) }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""

ZEPHYR = """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n' + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}
"""

NAMESPACE = """{%- set ns = namespace(count=0, seen=[]) -%}
{%- for m in messages if m.role != 'system' -%}
{%- set ns.count = ns.count + 1 -%}
{{ ns.count }}/{{ loop.length }} {{ m.role | upper }}{% if m.name is defined %} ({{ m.name }}){% endif %}: {{ m.content if m.content is string else m.content | tojson }}
{% endfor -%}
{%- for i in range(2, 8, 3) %}{{ i }},{% endfor %}{{ extra | default('none given') }}"""

user = {"role": "user", "content": "  Wie geht's? नमस्ते 🐈 <b>&\"quoted\"</b>\n"}
system = {"role": "system", "content": "You are helpful."}
assistant = {"role": "assistant", "content": "Fine, thanks."}
tool = {"type": "function", "function": {"name": "add", "parameters": {"a": 1, "b": [1, 2], "é": None, "t": True}}}

CONVERSATIONS = [
    [user],
    [system, user],
    [user, assistant, {"role": "user", "content": "And you?"}],
    [system, user, assistant, {"role": "user", "content": "Bye", "name": "Ada"}, assistant],
    [user, {"role": "assistant", "content": [{"type": "text", "text": "parts"}]}],
    [user, user],
]


class Pinned(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26, tzinfo=timezone.utc)


chat_template_utils.datetime = Pinned


def rendered(template, conversation, **options):
    try:
        texts, _ = chat_template_utils.render_jinja_template(conversations=[conversation], chat_template=template, **options)
        return {"text": texts[0]}
    except jinja2.exceptions.TemplateError as error:
        return {"refused": str(error)}
    except TypeError:
        return None


def case(name, template, conversation, **options):
    result = rendered(template, conversation, bos_token="<s>", eos_token="</s>", **options)
    return result and {"name": name, "messages": conversation, **options, **result}


def is_plain(conversation):
    """Content in parts is for templates that look for it."""
    return all(isinstance(message["content"], str) for message in conversation)


TEMPLATES = {"chatml": CHATML, "llama2": LLAMA2, "llama3": LLAMA3, "zephyr": ZEPHYR, "namespace": NAMESPACE}
cases = [case(name, template, conversation, add_generation_prompt=prompt) for name, template in TEMPLATES.items() for conversation in CONVERSATIONS for prompt in (False, True) if name == "namespace" or is_plain(conversation)]
cases.append(case("llama3", LLAMA3, CONVERSATIONS[1], add_generation_prompt=True, tools=[tool]))

print(json.dumps({
    "generated": {"script": "scripts/golden/formats-chat.py", "versions": {"python": sys.version.split()[0], "transformers": transformers.__version__, "jinja2": jinja2.__version__}, "seed": "none", "date": "2026-11-25"},
    "templates": TEMPLATES,
    "cases": [c for c in cases if c],
}, ensure_ascii=False))
